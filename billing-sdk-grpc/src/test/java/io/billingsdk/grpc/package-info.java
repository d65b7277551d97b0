/** For the authors of billing-sdk: tests of the gRPC module. */
@NullMarked
package io.billingsdk.grpc;

import org.jspecify.annotations.NullMarked;
