/** For engineers of gRPC services: a server with three billed services, to copy from. */
@NullMarked
package io.billingsdk.examples.gateway;

import org.jspecify.annotations.NullMarked;
