"""The meeting: asks and verdicts, waivers and signatures, into decisions. The only package that knows every area."""
