package io.billingsdk.server;

import io.billingsdk.server.health.HealthFeature;
import io.billingsdk.server.ingest.Collector;
import io.billingsdk.server.tail.LiveTail;
import java.util.function.Supplier;

/**
 * What several features of a server share.
 *
 * @param collecting gives the collector, from the start of the features on
 */
record Shared(LiveTail tail, Supplier<Collector> collecting, HealthFeature health) {}
