/** A test of the collector that needs a client too: the server does not know the SDK. */
@NullMarked
package io.billingsdk.server.ingest;

import org.jspecify.annotations.NullMarked;
