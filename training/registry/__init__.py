"""Door 2 of training: save, verify, list, promote, roll back and load signed model bundles."""

from training.registry.registry import Registry

__all__ = ["Registry"]
