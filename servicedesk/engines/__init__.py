"""Where the database and Redis are: the operator's own servers, or the ones run below DATA_DIR."""

from servicedesk.engines.addresses import celery_broker_url as celery_broker_url
from servicedesk.engines.addresses import data_dir as data_dir
from servicedesk.engines.addresses import database_settings as database_settings
from servicedesk.engines.addresses import redis_url as redis_url
