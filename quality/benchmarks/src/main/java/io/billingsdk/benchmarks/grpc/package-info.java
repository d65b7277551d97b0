/** For the authors of billing-sdk: what the key check costs a gRPC call. */
@NullMarked
package io.billingsdk.benchmarks.grpc;

import org.jspecify.annotations.NullMarked;
