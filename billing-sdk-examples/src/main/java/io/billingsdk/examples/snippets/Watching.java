package io.billingsdk.examples.snippets;

import io.billingsdk.BillingClient;
import io.billingsdk.BillingListener;
import io.billingsdk.ClientStatus;
import io.billingsdk.ConnectionState;
import java.util.function.Consumer;

/** Knowing how the client stands. */
final class Watching {
  private Watching() {}

  static void listen(BillingClient client, Consumer<String> alarm) {
    // region listener
    client.addListener(
        new BillingListener() {
          @Override
          public void statusChanged(ClientStatus status) {
            if (status.state() != ConnectionState.CONNECTED) {
              alarm.accept("billing is " + status.state() + ": " + status.lastProblem());
            }
          }

          @Override
          public void keyChanged(KeyChange change) {
            if (change.blocked()) {
              alarm.accept(change.caller().appId() + " is blocked: " + change.reason());
            }
          }

          @Override
          public void eventDeadLettered(DeadLetter deadLetter) {
            alarm.accept(
                "event %s/%d is refused: %s"
                    .formatted(deadLetter.stream(), deadLetter.seq(), deadLetter.reason()));
          }
        });
    // endregion
  }

  static String health(BillingClient client) {
    // region status
    ClientStatus status = client.status();
    ClientStatus.Delivery delivery = status.delivery();
    String health =
        status.state()
            + " since "
            + status.since()
            + ", "
            + status.keys().known()
            + " keys, "
            + delivery.pending()
            + " events wait of "
            + delivery.accepted();
    // endregion
    return health;
  }
}
