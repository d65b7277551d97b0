package io.billingsdk.server.cli;

import io.billingsdk.server.database.Database;
import io.billingsdk.server.ledger.StreamApps;
import io.billingsdk.server.ledger.Streams.StreamState;
import java.sql.SQLException;
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

  /** Those that are meant, in their order. */
  List<StreamState> of(Database database, List<StreamState> all) throws SQLException {
    Set<UUID> ofApp = app == null ? null : StreamApps.of(database, app);
    return all.stream()
        .filter(each -> instance == null || instance.equals(each.instance()))
        .filter(each -> stream == null || stream.equals(each.stream()))
        .filter(each -> state == null || state.equalsIgnoreCase(StreamList.state(each)))
        .filter(each -> ofApp == null || ofApp.contains(each.stream()))
        .toList();
  }
}
