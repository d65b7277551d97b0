package io.billingsdk.cli.remote;

import io.billingsdk.cli.console.Uuid;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which of the events that were not counted are meant. */
final class KeptOptions {
  @Option(names = "--instance", paramLabel = "NAME", description = "only of this instance")
  private @Nullable String instance;

  @Option(
      names = "--stream",
      paramLabel = "UUID",
      converter = Uuid.class,
      description = "only of this stream")
  private @Nullable UUID stream;

  @Nullable String instance() {
    return instance;
  }

  @Nullable UUID stream() {
    return stream;
  }

  /** As the API takes them. */
  Query query(PeriodOptions received) {
    return new Query()
        .with("instance", instance)
        .with("stream", stream)
        .with("receivedFrom", received.from())
        .with("receivedTo", received.to());
  }
}
