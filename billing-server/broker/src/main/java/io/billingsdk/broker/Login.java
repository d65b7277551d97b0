package io.billingsdk.broker;

import io.billingsdk.broker.EmbeddedBrokerBuilder.RefusedClient;

/** The outcome of a look at user name and password. */
sealed interface Login {
  /** Both are right. */
  record Accepted(UserDirectory.User user) implements Login {}

  /** One of them is not. The client does not learn which. */
  record Denied(RefusedClient.Reason reason) implements Login {}
}
