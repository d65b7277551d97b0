package io.billingsdk.server.web;

/**
 * Both ways of a request that lasts.
 *
 * @param body what comes
 * @param out what goes
 * @param rights whether its caller may still do it
 * @param pools that work for it: it has no thread of its own
 */
record Line(Body body, Outgoing out, Rights rights, Pools pools) {}
