package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code billing quotas release}. */
@Command(
    name = "release",
    description = {
      "Ends leases of a quota whose services have not been heard of, over HTTP; with a token to"
          + " write.",
      "Use it for a service that is gone with its journal. Later usage of a released lease"
          + " is more than the quota, and is charged."
    },
    mixinStandardHelpOptions = true,
    // The example is of one line, to be copied.
    usageHelpWidth = 160,
    footerHeading = "%nExamples:%n",
    footer =
        "  billing quotas release key/KEY_ID/tokens --instance gateway-1 --reason 'host is gone'")
final class QuotasReleaseCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Parameters(paramLabel = "QUOTA", description = "as quotas list shows it")
  private String quota = "";

  @Option(
      names = "--instance",
      paramLabel = "NAME",
      description = "only leases of this instance; default: of all")
  private @Nullable String instance;

  @Option(
      names = "--reason",
      paramLabel = "TEXT",
      required = true,
      description = "1 to 256 characters; kept in the audit log")
  private String reason = "";

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    body.put("quota", quota).put("reason", reason);
    if (instance != null) {
      body.put("instance", instance);
    }
    JsonNode answer =
        remote.http().change("/quotas/release", body.toString().getBytes(StandardCharsets.UTF_8));
    PrintWriter out = spec.commandLine().getOut();
    out.println(
        json ? JsonLines.of(answer) : "released " + answer.path("released").asLong() + " leases");
    out.flush();
  }
}
