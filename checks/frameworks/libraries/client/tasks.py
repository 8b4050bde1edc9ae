"""Background tasks and message queues: Celery, RQ, Dramatiq, Huey, Django-Q, kombu, pika, Kafka.

From Celery's documentation ("Calling Tasks", "Canvas"), RQ's ("Jobs"), Dramatiq's ("User Guide"), Huey's
("Guide"), Django-Q2's ("Tasks"), Kombu's ("Consumers"). What a task is given comes out of the queue in
another process: a project's own task is followed there.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, TEXT, TRUTH, each, of, own
from checks.semantics.library import Entry, Library, Sink, gives, passes, sink, source

TASK = "celery.app.task.Task"
APP = "celery.Celery"
_GIVEN = Entry(sinks=(Sink("task", "*"),))
_RESULT = gives("celery.result.AsyncResult")

library = Library(
    "client.tasks",
    entries={
        APP: gives(APP),
        TASK: gives(TASK),
        **of(
            APP,
            {
                "task": passes(0),
                "send_task": Entry(sinks=(Sink("task", (1, "args")), Sink("task", (2, "kwargs")))),
            },
        ),
        **of(APP, each("autodiscover_tasks conf config_from_object control register_task start", NOTHING)),
        **of(TASK, {"delay": _GIVEN, "apply_async": _GIVEN, "apply": _GIVEN, "retry": NOTHING}),
        **of(TASK, each("s si signature subtask", passes(returns="celery.canvas.Signature"))),
        **of(TASK, each("name request update_state", NOTHING)),
        **of("celery.canvas.Signature", each("apply_async delay", Entry(sinks=(Sink("task", -1),)))),
        **of("celery", each("chain chord group signature", passes(returns="celery.canvas.Signature"))),
        "celery.shared_task": passes(0),
        "celery.result.AsyncResult": _RESULT,
        **of(
            "celery.result.AsyncResult",
            {
                "id": TEXT,
                "ready": TRUTH,
                "state": TEXT,
                "status": TEXT,
                **each("get result revoke forget", NOTHING),
            },
        ),
        "rq.Queue": gives("rq.Queue"),
        **of(
            "rq.Queue",
            each(
                "enqueue enqueue_at enqueue_call enqueue_in",
                Entry(returns="rq.job.Job", sinks=(Sink("code", 0), Sink("task", "*"))),
            ),
        ),
        **of("rq.job.Job", {"id": TEXT, **each("get_status is_finished result return_value fetch", NOTHING)}),
        **each("django_rq.enqueue", Entry(sinks=(Sink("code", 0), Sink("task", "*")))),
        "django_rq.get_queue": gives("rq.Queue"),
        "dramatiq.actor": passes(0),
        **of("dramatiq.Actor", each("send send_with_options", _GIVEN)),
        "dramatiq.Actor.message": passes(),
        **each("huey.Huey huey.RedisHuey huey.SqliteHuey", gives("huey.Huey")),
        **of("huey.Huey", each("periodic_task task", passes(0))),
        "huey.api.TaskWrapper.schedule": _GIVEN,
        **each(
            "django_q.tasks.async_task django_q.tasks.schedule",
            Entry(sinks=(Sink("code", (0, "func")), Sink("task", "*"))),
        ),
        **of("django_q.tasks", each("fetch result result_group", NOTHING)),
        **of(
            "kombu.message.Message",
            {
                "payload": source("queue"),
                "body": source("queue", "builtins.bytes"),
                **each("ack reject requeue", NOTHING),
            },
        ),
        "kombu.Message.decode": source("queue"),
        "kafka.KafkaConsumer": source("queue", "kafka.KafkaConsumer"),
        "kafka.KafkaConsumer.__iter__": own(),
        "kafka.KafkaProducer.send": NOTHING,
        "pika.BlockingConnection.channel": NOTHING,
        "*.apply_async": Entry(sinks=(Sink("task", (0, "args")), Sink("task", (1, "kwargs")))),
        "celery.utils.imports.symbol_by_name": sink("code", 0),
    },
    aliases={
        "celery.Task": TASK,
        "celery.Task.": f"{TASK}.",
        "celery.app.base.": "celery.",
        "celery.app.shared_task": "celery.shared_task",
        "rq.queue.": "rq.",
    },
)
