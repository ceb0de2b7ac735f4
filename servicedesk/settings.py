"""Settings of the whole product; every value that may differ between installations comes from the environment."""

import logging
from pathlib import Path

from django.utils.translation import gettext_lazy as _

from servicedesk import engines, env, logs, recordings

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = engines.data_dir()

DEBUG = env.flag("DEBUG", default=False)
DEMO = env.flag("DEMO", default=False)
SECRET_KEY = env.secret("SECRET_KEY", stored_in=DATA_DIR / "secret_key")
PUBLIC_BASE_URL = env.text("PUBLIC_BASE_URL", default="").rstrip("/")
ALLOWED_HOSTS = env.words("ALLOWED_HOSTS", default=["localhost", "127.0.0.1", "[::1]"])
CSRF_TRUSTED_ORIGINS = env.words("CSRF_TRUSTED_ORIGINS", default=[PUBLIC_BASE_URL] if PUBLIC_BASE_URL else [])

INSTALLED_APPS = [
    "servicedesk",
    "telephony",
    "knowledgebase",
    "tickets",
    "crmcore",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.postgres",
    "django.contrib.staticfiles",
    "channels",
    "allauth",
    "allauth.account",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "csp",
    "django_prometheus",
    "django_structlog",
]

MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "servicedesk.middleware.PartnerFence",
    "servicedesk.middleware.PersonalSettingsMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]

ROOT_URLCONF = "servicedesk.urls"
WSGI_APPLICATION = "servicedesk.wsgi.application"
ASGI_APPLICATION = "servicedesk.asgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "servicedesk.context.shell",
            ],
        },
    },
]

DATABASES = {"default": engines.database_settings()}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = engines.redis_url()
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
    },
    # What one process may remember for some seconds without asking anybody.
    "memory": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"},
}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None}]},
    },
}

CELERY_BROKER_URL = engines.celery_broker_url()
CELERY_TASK_IGNORE_RESULT = True
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_BEAT_SCHEDULER = "celery.beat:Scheduler"
# Work that is not taken within its own interval is dropped: the next round does it.
CELERY_BEAT_SCHEDULE = {
    name: {"task": name, "schedule": seconds, "options": {"expires": seconds}}
    for name, seconds in {
        "telephony.tick": 1,
        "telephony.texts_tick": 1,
        "tickets.sla_tick": 1,
        "tickets.give_out": 1,
        "tickets.chat_tick": 1,
        "tickets.remind": 5,
        "crmcore.approvals_tick": 5,
        "crmcore.sales_tick": 600,
        "crmcore.leads_tick": 60,
        "tickets.bulk_left": 30,
        "tickets.timed_rules": 60,
        "tickets.surveys": 60,
        "tickets.visits": 60,
        "tickets.recurring_visits": 60,
        "tickets.sla_runs_go_on": 60,
        "crmcore.relay_live_events": 1,
        "crmcore.letters": 10,
        "crmcore.gather_merged": 60,
        "servicedesk.heartbeat": 10,
        "servicedesk.turn_demo_shifts": 60,
        "telephony.reconcile": 10,
        "telephony.roll_up": 60,
        "telephony.delete_old_sound": 600,
    }.items()
}
LATER_INLINE = False

AUTH_USER_MODEL = "crmcore.User"
AUTHENTICATION_BACKENDS = ["servicedesk.sign_in.Backend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "servicedesk.sign_in.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username", "email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_MAX_ATTEMPTS = 3
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 600
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_RATE_LIMITS = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "request_login_code": "20/m/ip,3/m/key",
}
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 10},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "django.contrib.sessions.backends.cached_db"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = PUBLIC_BASE_URL.startswith("https://")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.flag("BEHIND_PROXY", default=False) else None
SECURE_HSTS_SECONDS = 31_536_000 if SESSION_COOKIE_SECURE else 0
X_FRAME_OPTIONS = "DENY"

EMAIL_BACKEND = env.text("EMAIL_BACKEND", default="django.core.mail.backends.console.EmailBackend")
EMAIL_HOST = env.text("EMAIL_HOST", default="localhost")
EMAIL_PORT = env.number("EMAIL_PORT", default=25)
EMAIL_HOST_USER = env.text("EMAIL_HOST_USER", default="")
EMAIL_HOST_PASSWORD = env.text("EMAIL_HOST_PASSWORD", default="")
EMAIL_USE_TLS = env.flag("EMAIL_USE_TLS", default=False)
DEFAULT_FROM_EMAIL = env.text("DEFAULT_FROM_EMAIL", default="Servicedesk <desk@localhost>")

USE_TZ = True
TIME_ZONE = "UTC"
USE_I18N = True
LANGUAGE_CODE = "en"
LANGUAGES = [("en", _("English")), ("zh-hans", _("Simplified Chinese"))]
LOCALE_PATHS = [BASE_DIR / "servicedesk" / "locale"]
DEFAULT_PHONE_REGION = env.text("DEFAULT_PHONE_REGION", default="CN")

STATIC_URL = "/static/"
STATIC_ROOT = DATA_DIR / "static"
REGIONS_FILE = BASE_DIR / "servicedesk" / "static" / "dist" / "regions.json"
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = DEBUG
MEDIA_ROOT = DATA_DIR / "media"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    "recordings": recordings.storage_settings(DATA_DIR / "recordings"),
}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'", *env.words("CSP_CONNECT_SRC", default=[])],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    },
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "crmcore.rest.TokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["crmcore.rest.FastJSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "crmcore.rest.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "DEFAULT_THROTTLE_CLASSES": ["rest_framework.throttling.UserRateThrottle"],
    "DEFAULT_THROTTLE_RATES": {"user": "600/min"},
    "EXCEPTION_HANDLER": "crmcore.rest.problem_details",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Servicedesk API",
    "DESCRIPTION": "Customers, tickets, calls, articles and opportunities of the desk.",
    "VERSION": "1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
}
# Who the desk is to the providers at which mailboxes sign in.
MAIL_OAUTH_CLIENTS = {
    "google": (env.text("MAIL_GOOGLE_CLIENT_ID", default=""), env.text("MAIL_GOOGLE_CLIENT_SECRET", default="")),
    "microsoft": (
        env.text("MAIL_MICROSOFT_CLIENT_ID", default=""),
        env.text("MAIL_MICROSOFT_CLIENT_SECRET", default=""),
    ),
}

TWILIO_ACCOUNT_SID = env.text("TWILIO_ACCOUNT_SID", default="")
TWILIO_AUTH_TOKEN = env.text("TWILIO_AUTH_TOKEN", default="")
TWILIO_API_KEY_SID = env.text("TWILIO_API_KEY_SID", default="")
TWILIO_API_KEY_SECRET = env.text("TWILIO_API_KEY_SECRET", default="")
TWILIO_TWIML_APP_SID = env.text("TWILIO_TWIML_APP_SID", default="")
TWILIO_API_BASE_URL = env.text("TWILIO_API_BASE_URL", default="")
# Messages to many people leave at this pace, whatever the carrier would take.
TEXTS_PER_SECOND = env.number("TEXTS_PER_SECOND", default=3, at_least=1)
WECHAT_API_BASE_URL = env.text("WECHAT_API_BASE_URL", default="https://api.weixin.qq.com").rstrip("/")
TWILIO_REGION = env.text("TWILIO_REGION", default="")
TWILIO_FALLBACK_URL = env.text(
    "TWILIO_FALLBACK_URL", default=f"{PUBLIC_BASE_URL}/static/telephony/fallback.xml" if PUBLIC_BASE_URL else ""
)
TURN_URLS = env.words("TURN_URLS", default=[])
TURN_SECRET = env.text("TURN_SECRET", default="")
METRICS_TOKEN = env.text("METRICS_TOKEN", default="")

LOG_LEVEL = env.text("LOG_LEVEL", default="INFO")
LOGGING = logs.logging_settings(level=LOG_LEVEL)
# One line a request, when it ends.
DJANGO_STRUCTLOG_STATUS_START_LOG_LEVEL = logging.DEBUG
