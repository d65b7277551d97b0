package io.billingsdk.grpc;

import io.billingsdk.BillingClient;
import io.billingsdk.Caller;
import io.billingsdk.Entitlements;

/**
 * Who makes a call, and the client that let it in: usage is reported to the client that decided.
 *
 * @param entitlements what the key could be used for when the call was let in
 */
record BillingSession(Caller caller, BillingClient client, String apiKey, Entitlements entitlements)
    implements Admission {
  @Override
  public String toString() {
    return "BillingSession[" + caller + "]";
  }
}
