package io.billingsdk.server.feature;

import io.billingsdk.server.db.Database;
import io.billingsdk.server.db.Secrets;

/**
 * What the server gives to each feature. A route uses {@code Request.database()} instead, which is
 * in the transaction of its request.
 *
 * @param database for work that no request waits for; it may not be reachable yet
 * @param secrets of this installation
 */
public record Platform(Database database, Secrets secrets) {}
