package io.billingsdk.internal.client;

import io.billingsdk.BillingConfig;
import io.billingsdk.protocol.V1Topics;
import io.billingsdk.protocol.V2Topics;
import java.security.SecureRandom;

/** The topics of both protocols, and the name of this instance in them. */
record ClientTopics(String instance, V1Topics v1, V2Topics v2) {

  static ClientTopics of(BillingConfig config) {
    return new ClientTopics(
        config.clientId().orElseGet(ClientTopics::randomClientId),
        V1Topics.under(config.topicPrefix()),
        V2Topics.under(config.topicPrefix()));
  }

  private static String randomClientId() {
    return "billing-" + Long.toHexString(new SecureRandom().nextLong());
  }
}
