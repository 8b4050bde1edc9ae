"""Databases without SQL and caches: PyMongo, Motor, Flask-PyMongo, redis, Elasticsearch, memcached.

From PyMongo's documentation: "Collection level operations" (a filter is a document, in which `$` keys are
operators), Motor's "API Reference", redis-py's "Redis Commands" and "Lua Scripting". A text can't be an
operator: only data that keeps its keys can.
"""

from __future__ import annotations

from checks.frameworks.libraries.tables import NOTHING, NUMBER, TRUTH, each, of, sinks
from checks.semantics.library import Entry, Library, Sink, gives, sink

COLLECTION = "pymongo.collection.Collection"
DATABASE = "pymongo.database.Database"
CLIENT = "pymongo.MongoClient"

_FILTER = sinks(Sink("nosql", (0, "filter")))
_CHANGE = sinks(Sink("nosql", (0, "filter")), Sink("nosql", (1, "update")))
_COLLECTION = {
    "find": sinks(Sink("nosql", (0, "filter")), returns="pymongo.cursor.Cursor"),
    **each(
        "count_documents delete_many delete_one find_one find_one_and_delete find_raw_batches remove count",
        _FILTER,
    ),
    **each("find_one_and_update update update_many update_one", _CHANGE),
    **each(
        "find_one_and_replace replace_one",
        sinks(Sink("nosql", (0, "filter")), Sink("model", (1, "replacement"))),
    ),
    "aggregate": sinks(Sink("nosql", (0, "pipeline")), returns="pymongo.cursor.Cursor"),
    "distinct": sinks(Sink("nosql", (1, "filter"))),
    **each("insert insert_many insert_one save", Entry(sinks=(Sink("model", 0),))),
    **each("map_reduce group inline_map_reduce", sinks(Sink("code", 0), Sink("code", 1))),
    **each("create_index create_indexes drop drop_index index_information watch with_options", NOTHING),
    "estimated_document_count": NUMBER,
}
_CURSOR = {
    **each("hint max min rewind skip sort batch_size collation", gives("pymongo.cursor.Cursor")),
    "limit": Entry(returns="pymongo.cursor.Cursor", sinks=(Sink("page-size", 0),)),
    "where": Entry(returns="pymongo.cursor.Cursor", sinks=(Sink("code", 0),)),
    **each("__getitem__ __iter__ __next__ close distinct next to_list", NOTHING),
    "count": NUMBER,
}
_REDIS_READS = (
    "get getset hget hgetall hkeys hmget hvals keys lindex lpop lrange mget rpop scan_iter smembers"
    " spop zrange"
)

library = Library(
    "database.documents",
    entries={
        **each(
            f"{CLIENT} motor.motor_asyncio.AsyncIOMotorClient motor.motor_tornado.MotorClient", gives(CLIENT)
        ),
        **of(CLIENT, each("__getattr__ __getitem__ get_database get_default_database", gives(DATABASE))),
        **of(CLIENT, each("close drop_database server_info start_session admin", NOTHING)),
        **of(DATABASE, each("__getattr__ __getitem__ create_collection get_collection", gives(COLLECTION))),
        **of(
            DATABASE,
            {
                "command": sink("nosql", 0),
                "eval": sink("code", 0),
                **each("drop_collection list_collection_names name", NOTHING),
            },
        ),
        **of(COLLECTION, _COLLECTION),
        **of("pymongo.cursor.Cursor", _CURSOR),
        "flask_pymongo.PyMongo": gives("flask_pymongo.PyMongo"),
        **of("flask_pymongo.PyMongo", {"db": gives(DATABASE), "cx": gives(CLIENT)}),
        **of("pymongo", each("DeleteOne DeleteMany UpdateOne UpdateMany", _FILTER)),
        "bson.objectid.ObjectId": Entry(returns="bson.objectid.ObjectId"),
        "bson.json_util.dumps": Entry(returns="builtins.str", passes=(0,)),
        "bson.json_util.loads": Entry(passes=(0,)),
        "bson.code.Code": sink("code", 0),
        **each("redis.Redis redis.StrictRedis redis.from_url redis.Redis.from_url", gives("redis.Redis")),
        **of("redis.Redis", each(_REDIS_READS, NOTHING)),
        **of(
            "redis.Redis",
            each("delete expire hset hdel lpush publish rpush sadd set setex setnx zadd srem", NOTHING),
        ),
        **of("redis.Redis", each("exists hexists ping sismember", TRUTH)),
        **of("redis.Redis", each("decr hlen incr incrby llen scard strlen ttl", NUMBER)),
        **of(
            "redis.Redis",
            {"pipeline": gives("redis.Redis"), "execute": NOTHING, "lock": NOTHING, "pubsub": NOTHING},
        ),
        **of("redis.Redis", each("eval register_script script_load", sink("code", (0, "script")))),
        "redis.ConnectionPool": NOTHING,
        **each("elasticsearch.Elasticsearch opensearchpy.OpenSearch", gives("elasticsearch.Elasticsearch")),
        **of(
            "elasticsearch.Elasticsearch",
            each("count search", sinks(Sink("nosql", "query"), Sink("nosql", "body"))),
        ),
        **of("elasticsearch.Elasticsearch", each("delete exists get index indices update", NOTHING)),
        **each("mongoengine.connect pymongo.ASCENDING pymongo.DESCENDING", NOTHING),
        "mongoengine.QuerySet.where": sink("code", 0),
        "pymemcache.client.base.Client.get": NOTHING,
        # Names that nothing but collections have.
        **each("*.find_one *.find_one_and_delete *.delete_one *.delete_many *.count_documents", _FILTER),
        **each("*.find_one_and_update *.update_one *.update_many", _CHANGE),
        "*.replace_one": _FILTER,
    },
    bases={
        "pymongo.asynchronous.mongo_client.AsyncMongoClient": (CLIENT,),
        "pymongo.AsyncMongoClient": (CLIENT,),
        "redis.Pipeline": ("redis.Redis",),
    },
    aliases={
        "bson.ObjectId": "bson.objectid.ObjectId",
        "motor.MotorClient": "motor.motor_tornado.MotorClient",
        "pymongo.mongo_client.": "pymongo.",
        "redis.StrictRedis.": "redis.Redis.",
        "redis.asyncio.": "redis.",
        "redis.client.": "redis.",
    },
)
