/** Tests of the collector, against a real broker over TLS and a real PostgreSQL. */
@NullMarked
package io.billingsdk.server.ingest;

import org.jspecify.annotations.NullMarked;
