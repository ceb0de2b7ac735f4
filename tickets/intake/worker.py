"""The mail's threads live in the workers: they begin and end with them."""

from celery.signals import worker_ready, worker_shutdown

from tickets.intake.watching import MailThreads

mail_threads = MailThreads()


@worker_ready.connect
def start_mail(**_worker: object) -> None:
    """Mail has threads of its own beside the tasks: a slow mail server holds up no call."""
    mail_threads.start()


@worker_shutdown.connect
def stop_mail(**_worker: object) -> None:
    mail_threads.stop()
