package io.billingsdk.cli.operator;

import io.billingsdk.cli.console.Uuid;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which streams are meant. */
final class StreamFilter {
  @Option(names = "--instance", paramLabel = "NAME", description = "only of this instance")
  private @Nullable String instance;

  @Option(names = "--app", paramLabel = "APP", description = "only with events of this app")
  private @Nullable String app;

  @Option(
      names = "--stream",
      paramLabel = "UUID",
      converter = Uuid.class,
      description = "only this one")
  private @Nullable UUID stream;

  @Option(
      names = "--state",
      paramLabel = "STATE",
      description = "only in this state, as the list shows it")
  private @Nullable String state;

  /** The app with whose events they must be; null for any. */
  @Nullable String app() {
    return app;
  }

  /**
   * Those that are meant, in their order.
   *
   * @param ofApp the streams with events of {@link #app()}; null when any will do
   */
  List<StreamState> of(List<StreamState> all, @Nullable Set<UUID> ofApp) {
    return all.stream()
        .filter(each -> instance == null || instance.equals(each.instance()))
        .filter(each -> stream == null || stream.equals(each.stream()))
        .filter(each -> state == null || state.equalsIgnoreCase(StreamList.state(each)))
        .filter(each -> ofApp == null || ofApp.contains(each.stream()))
        .toList();
  }
}
