package io.billingsdk.server.http;

/**
 * What all requests share.
 *
 * @param bodies bytes of bodies that are kept just now, of all requests
 */
record Engine(
    Pools pools,
    Throttle throttle,
    Metrics metrics,
    ClientConnections connections,
    LastingRequests lasting,
    BodyBytes bodies,
    Body.Pace pace) {}
