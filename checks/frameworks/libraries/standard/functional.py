"""Functions of functions and containers: functools, itertools, operator, collections, asyncio ...

From the standard library's documentation: the pages of those modules. `partial` and the decorators of
`functools` are the interpreter's own.
"""

from __future__ import annotations

from checks.frameworks.iterators import chained, grouped, handed_on
from checks.frameworks.libraries.tables import EVERYTHING, NOTHING, TRUTH, each, of, own
from checks.frameworks.lookups import attrgetter, attributes_got
from checks.semantics.invocation import Invocation
from checks.semantics.library import Entry, Library, gives, passes, sink
from checks.semantics.values import Value

_LIST = "builtins.list"
_FIRST = passes(0, returns="argument")


def _namespace(call: Invocation) -> Value | None:
    """An object of named attributes."""
    if call.positional or call.more is not None:
        return None
    return Value(type="types.SimpleNamespace", items=dict(call.keywords))


def _cast(_frame: object, call: Invocation) -> Value | None:
    """`cast(Order, value)`: the value."""
    return call.argument((1, "val"))


library = Library(
    "standard.functional",
    entries={
        **of(
            "functools",
            each("cache cached_property lru_cache total_ordering wraps singledispatch", passes(0)),
        ),
        "functools.update_wrapper": passes(0),
        "functools.partial": EVERYTHING,
        "functools.partialmethod": EVERYTHING,
        "functools.reduce": Entry(passes=(1, 2), calls=(0, 1)),
        "functools.cmp_to_key": NOTHING,
        "typing.cast": Entry(passes=(1,), does=_cast),
        **of(
            "itertools",
            each(
                "chain product zip_longest combinations permutations batched pairwise", passes(returns=_LIST)
            ),
        ),
        "itertools.chain": Entry(returns=_LIST, passes=("*",), does=chained),
        "itertools.chain.from_iterable": passes(0, returns=_LIST),
        **of("itertools", each("cycle tee accumulate compress", passes(0, returns=_LIST))),
        "itertools.islice": Entry(returns=_LIST, passes=(0,), does=handed_on),
        **of(
            "itertools",
            each("dropwhile filterfalse takewhile", Entry(returns=_LIST, passes=(1,), calls=(0, 1))),
        ),
        "itertools.starmap": Entry(returns=_LIST, passes=(1,), calls=(0, 1)),
        "itertools.groupby": Entry(returns=_LIST, passes=(0,), does=grouped),
        "itertools.repeat": passes(0, returns=_LIST),
        "itertools.count": NOTHING,
        **of(
            "operator", each("add concat getitem iadd iconcat mod mul or_ and_ xor sub truediv", EVERYTHING)
        ),
        **of("operator", each("contains eq ge gt is_ is_not le lt ne not_ truth", TRUTH)),
        "operator.attrgetter": Entry(does=attrgetter),
        "operator.attrgetter.__call__": Entry(does=attributes_got),
        **of("operator", each("itemgetter methodcaller", NOTHING)),
        **of(
            "contextlib", each("contextmanager asynccontextmanager closing aclosing nullcontext", passes(0))
        ),
        **of("contextlib", each("suppress redirect_stdout redirect_stderr", NOTHING)),
        **of("contextlib", each("ExitStack AsyncExitStack", gives("contextlib.ExitStack"))),
        **of(
            "contextlib.ExitStack",
            {**each("enter_context enter_async_context", passes(0)), "callback": NOTHING},
        ),
        **of("copy", each("copy deepcopy replace", _FIRST)),
        **of(
            "collections",
            each("OrderedDict defaultdict Counter ChainMap UserDict", passes(returns="builtins.dict")),
        ),
        **of("collections", each("deque UserList", passes(0, returns="collections.deque"))),
        "collections.namedtuple": NOTHING,
        **of(
            "collections.deque",
            {**each("append appendleft", Entry(stores=(0,))), **each("popleft", own())},
        ),
        **of("collections.Counter", each("most_common elements total", own())),
        "collections.OrderedDict.move_to_end": NOTHING,
        **of("dataclasses", each("asdict astuple replace", EVERYTHING)),
        **of("dataclasses", each("dataclass field fields is_dataclass", NOTHING)),
        "types.SimpleNamespace": Entry(passes=("*",), apply=_namespace),
        "types.MappingProxyType": EVERYTHING,
        **of("typing", each("cast", passes(1))),
        **of("typing", each("NamedTuple NewType TypedDict TypeVar get_type_hints", NOTHING)),
        "weakref.ref": passes(0),
        **of("asyncio", each("gather shield wait_for create_task ensure_future run as_completed", passes(0))),
        "asyncio.to_thread": Entry(passes=("*",)),
        **of("asyncio", each("Event Lock Semaphore sleep timeout get_event_loop new_event_loop", NOTHING)),
        "asyncio.Queue": gives("queue.Queue"),
        "asyncio.get_running_loop": NOTHING,
        "concurrent.futures.ThreadPoolExecutor": gives("concurrent.futures.Executor"),
        "concurrent.futures.ProcessPoolExecutor": gives("concurrent.futures.Executor"),
        "concurrent.futures.Executor.map": Entry(returns=_LIST, calls=(0, 1)),
        "concurrent.futures.Executor.shutdown": NOTHING,
        "contextvars.ContextVar": gives("contextvars.ContextVar"),
        "contextvars.ContextVar.set": Entry(stores=(0,)),
        "contextvars.ContextVar.get": own(),
        "queue.Queue": gives("queue.Queue"),
        **of("queue.Queue", {**each("put put_nowait", Entry(stores=(0,))), **each("get get_nowait", own())}),
        **of("importlib", {"import_module": sink("code", (0, "name")), "reload": NOTHING}),
        "importlib.util.find_spec": NOTHING,
        **of("importlib.metadata", each("version entry_points distribution requires", NOTHING)),
        **of("importlib.resources", each("files as_file", NOTHING)),
        **of("runpy", each("run_module run_path", sink("code", 0))),
        **of(
            "code",
            each("InteractiveInterpreter.runsource InteractiveInterpreter.runcode interact", sink("code", 0)),
        ),
        **of("timeit", each("timeit repeat", sink("code", (0, "stmt")))),
        **of("ast", {"parse": passes(0), "unparse": passes(0), "dump": passes(0)}),
        **of("inspect", each("getdoc getfile getmodule getsource signature stack", NOTHING)),
        **of("inspect", each("isabstract isclass iscoroutinefunction isfunction ismethod ismodule", TRUTH)),
        **of("gc", each("collect disable enable freeze", NOTHING)),
    },
    bases={
        "contextlib.AsyncExitStack": ("contextlib.ExitStack",),
        "collections.OrderedDict": ("builtins.dict",),
        "collections.defaultdict": ("builtins.dict",),
        "collections.Counter": ("builtins.dict",),
        "collections.deque": ("builtins.list",),
        "queue.LifoQueue": ("queue.Queue",),
        "queue.PriorityQueue": ("queue.Queue",),
        "queue.SimpleQueue": ("queue.Queue",),
        "asyncio.Queue": ("queue.Queue",),
    },
    aliases={
        "concurrent.futures.thread.": "concurrent.futures.",
        "_collections.": "collections.",
        "asyncio.queues.": "asyncio.",
    },
)
