/** Tests of the HTTP API, over TLS and a real PostgreSQL. */
@NullMarked
package io.billingsdk.server.http;

import org.jspecify.annotations.NullMarked;
