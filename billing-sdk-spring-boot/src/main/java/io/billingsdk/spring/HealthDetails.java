package io.billingsdk.spring;

import io.billingsdk.BillingClient;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What the health of the client says. It is up unless the client is closed: a broker that is away
 * or a disk that is full is not healed by a restart of the service, which would only lose its
 * calls.
 *
 * @param up whether the client works
 */
record HealthDetails(boolean up, Map<String, Object> details) {

  static HealthDetails of(BillingClient client) {
    ClientStatus status = client.status();
    Map<String, Object> details = new LinkedHashMap<>();
    details.put("connection", status.state().name());
    details.put("since", status.since().toString());
    details.put("protocol", status.protocol().toString());
    details.put("pending", status.delivery().pending());
    details.put("keysKnown", status.keys().known());
    ClientStatus.Problem problem = status.lastProblem();
    if (problem != null && status.state() != ConnectionState.CONNECTED) {
      details.put("problem", problem.kind() + ": " + problem.message());
    }
    String journal = status.journal().trouble();
    if (journal != null) {
      details.put("journal", journal);
    }
    String delivery = status.delivery().trouble();
    if (delivery != null) {
      details.put("delivery", delivery);
    }
    return new HealthDetails(status.state() != ConnectionState.CLOSED, details);
  }
}
