package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.Whole;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing subscriptions migrate}. */
@Command(
    name = "migrate",
    description = {
      "Gives all subscriptions of a plan another version of it, over HTTP; with a finance token,"
          + " for --preview to read.",
      "The server carries it out by itself, and goes on after a restart."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing subscriptions migrate --plan pro --to 2 --preview",
      "  billing subscriptions migrate --plan pro --from 1 --to 2"
    })
final class SubscriptionsMigrateCommand implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Option(names = "--plan", paramLabel = "PLAN", required = true, description = "its id")
  private String plan = "";

  @Option(
      names = "--to",
      paramLabel = "N",
      required = true,
      converter = Whole.Frequency.class,
      description = "the version that they get")
  private long to;

  @Option(
      names = "--from",
      paramLabel = "N",
      converter = Whole.Frequency.class,
      description = "only those that have this version; default: all")
  private @Nullable Long from;

  @Option(names = "--now", description = "at once; default: each with its next period")
  private boolean now;

  @Option(names = "--preview", description = "show the sums of what it would do, and store nothing")
  private boolean preview;

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public void run() {
    String timing = now ? "now" : "period_end";
    JsonNode answer =
        preview
            ? remote.http().get("/subscription-migrations/preview", query(timing))
            : remote.http().change("/subscription-migrations", body(timing));
    PrintWriter out = spec.commandLine().getOut();
    ListOptions.printOne(answer, json, out);
    out.flush();
  }

  private Query query(String timing) {
    return new Query()
        .with("plan", plan)
        .with("version", to)
        .with("fromVersion", from)
        .with("timing", timing);
  }

  private byte[] body(String timing) {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    body.put("plan", plan).put("version", to).put("fromVersion", from).put("timing", timing);
    return body.toString().getBytes(StandardCharsets.UTF_8);
  }
}
