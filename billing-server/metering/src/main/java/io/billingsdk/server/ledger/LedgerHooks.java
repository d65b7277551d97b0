package io.billingsdk.server.ledger;

import io.billingsdk.server.feature.Feature;
import io.billingsdk.server.ledger.LedgerAppender.AppendHook;
import java.util.List;

/**
 * A feature with hooks in the ledger: it keeps sums of its own, which are committed together with
 * the rows that they count.
 *
 * <p>The hooks are the same from the constructor on. The server asks for them before {@link
 * #start}, and calls them from the first batch until the collector has ended. That is before this
 * feature starts and after it closes, so a hook needs nothing that {@code start} makes.
 *
 * <p>Everything that adds rows calls them: the collector, usage over HTTP, replays, corrections and
 * attributions, and the commands of an operator. The commands know the hooks of the server's own
 * features alone, and not those of features that somebody gives to a server from outside.
 */
public interface LedgerHooks extends Feature {
  /** Its hooks; each has a name that no other hook of the server has. */
  List<AppendHook> hooks();

  /**
   * The way into a ledger with the hooks of these features.
   *
   * @param features with hooks or without
   * @throws IllegalArgumentException when two hooks have one name
   */
  static LedgerAppender appender(List<Feature> features) {
    return new LedgerAppender(
        features.stream()
            .filter(LedgerHooks.class::isInstance)
            .flatMap(each -> ((LedgerHooks) each).hooks().stream())
            .toList());
  }
}
