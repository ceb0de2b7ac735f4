"""The one error of this package: its message is a line for the operator."""


class EngineError(RuntimeError):
    """An engine cannot be started, reached or stopped."""
