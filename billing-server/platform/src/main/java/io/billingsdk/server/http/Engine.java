package io.billingsdk.server.http;

/**
 * What all requests share.
 *
 * @param bodies bytes of bodies that are kept just now, of all requests with a token
 * @param signedBodies the same of those that are said to be signed: strangers fill no more
 */
record Engine(
    Pools pools,
    Throttle throttle,
    Metrics metrics,
    ClientConnections connections,
    LastingRequests lasting,
    BodyBytes bodies,
    BodyBytes signedBodies,
    Body.Pace pace) {}
