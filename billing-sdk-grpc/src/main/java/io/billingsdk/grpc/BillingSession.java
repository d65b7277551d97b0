package io.billingsdk.grpc;

import io.billingsdk.BillingClient;
import io.billingsdk.Caller;

/**
 * Who makes a call, and the client that let it in: usage is reported to the client that decided.
 */
record BillingSession(Caller caller, BillingClient client, String apiKey) implements Admission {
  @Override
  public String toString() {
    return "BillingSession[" + caller + "]";
  }
}
