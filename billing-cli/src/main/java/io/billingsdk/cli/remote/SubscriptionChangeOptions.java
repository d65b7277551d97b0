package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Uuid;
import io.billingsdk.cli.console.Whole;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which subscription is changed, when, and whether it is only looked at. */
final class SubscriptionChangeOptions {
  static final String AT =
      "the moment, by the clock of the customer, as 2027-01-31T00:00:00Z; at most an hour before"
          + " now, with --preview up to five years after it; default: now";

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec = CommandSpec.create();

  @Parameters(
      paramLabel = "ID",
      converter = Uuid.class,
      description = "as subscriptions list shows it")
  private UUID id = new UUID(0, 0);

  @Option(names = "--at", paramLabel = "TIME", description = AT)
  private @Nullable String at;

  @Option(
      names = "--revision",
      paramLabel = "N",
      converter = Whole.Seq.class,
      description = "refuse the change if the subscription has another revision by now")
  private @Nullable Long revision;

  @Option(names = "--preview", description = "show what it would do, and store nothing")
  private boolean preview;

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  /**
   * Changes the subscription, or shows what that would do.
   *
   * @param fields of the change, beside those of these options
   */
  void run(RemoteOptions remote, Map<String, Object> fields) {
    String path = "/subscriptions/" + id;
    JsonNode course =
        preview
            ? remote.http().get(path + "/preview", query(fields))
            : remote.http().change(path + "/changes", body(fields));
    SubscriptionOutput.print(course, json, spec.commandLine().getOut());
  }

  private Query query(Map<String, Object> fields) {
    Query query = new Query();
    fields.forEach(query::with);
    return query.with("revision", revision).with("at", at);
  }

  private byte[] body(Map<String, Object> fields) {
    ObjectNode body = BillingHttp.JSON.valueToTree(fields);
    body.put("revision", revision).put("at", at);
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }
}
