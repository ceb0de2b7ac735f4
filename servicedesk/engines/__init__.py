"""Where the database and the Redis server are: the operator's own, or the ones this package runs below DATA_DIR."""

from servicedesk.engines.addresses import celery_broker_url as celery_broker_url
from servicedesk.engines.addresses import data_dir as data_dir
from servicedesk.engines.addresses import database_settings as database_settings
from servicedesk.engines.addresses import redis_url as redis_url
