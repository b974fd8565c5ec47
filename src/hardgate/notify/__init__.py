"""Tell others what changed: webhooks on a change of a signal, signed and sent to global https addresses alone."""
