package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which events are meant. */
final class FilterOptions {
  @Option(names = "--app", paramLabel = "APP", description = "only of this app")
  private @Nullable String app;

  @Option(names = "--key", paramLabel = "KEY_ID", description = "only of the key with this id")
  private @Nullable String key;

  @Option(names = "--module", paramLabel = "NAME", description = "only of this module")
  private @Nullable String module;

  @Option(names = "--model", paramLabel = "NAME", description = "only of this model")
  private @Nullable String model;

  @Option(
      names = "--metadata",
      paramLabel = "NAME=TEXT",
      converter = NameText.NameForm.class,
      description = "only with this field of the metadata; repeatable")
  private List<String> metadata = List.of();

  @Option(names = "--unattributed", description = "only of no app")
  private boolean unattributed;

  @Option(names = "--subject", paramLabel = "NAME", description = "only what this subject used")
  private @Nullable String subject;

  @Option(names = "--session", paramLabel = "NAME", description = "only of this session")
  private @Nullable String session;

  @Option(names = "--execution", paramLabel = "NAME", description = "only of this execution")
  private @Nullable String execution;

  Query query() {
    return new Query()
        .with("appId", app)
        .with("keyId", key)
        .with("module", module)
        .with("model", model)
        .with("metadata", json())
        .with("unattributed", unattributed ? "true" : null)
        .with("subject", subject)
        .with("session", session)
        .with("execution", execution);
  }

  private @Nullable String json() {
    if (metadata.isEmpty()) {
      return null;
    }
    ObjectNode object = BillingHttp.JSON.createObjectNode();
    NameText.map(metadata).forEach(object::put);
    return object.toString();
  }
}
