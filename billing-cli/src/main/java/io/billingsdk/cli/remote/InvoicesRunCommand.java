package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.console.Progress;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing invoices run}. */
@Command(
    name = "run",
    description = {
      "Bills all that is due, over HTTP; with a finance token.",
      "The server does it by itself, and goes on after a restart. It also bills without this"
          + " command: an hour after the end of each period.",
      "Exits with 3 if the server gave the run up; failure says why."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {"  billing invoices run", "  billing invoices run --customer acme"})
final class InvoicesRunCommand implements Callable<Integer> {
  private static final int GIVEN_UP = 3;
  private static final long PAUSE_MILLIS = 500;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Option(names = "--customer", paramLabel = "CUSTOMER", description = "only this customer")
  private @Nullable String customer;

  @Option(names = "--no-wait", description = "do not wait for the end of the run")
  private boolean goesOn;

  @Option(names = "--json", description = "print one JSON object, as the API has it")
  private boolean json;

  @Override
  public Integer call() {
    ObjectNode body = BillingHttp.JSON.createObjectNode();
    if (customer != null) {
      body.put("customerId", customer);
    }
    BillingHttp http = remote.http();
    JsonNode run = http.change("/invoices/runs", BillingHttp.bytes(body));
    try (Progress progress = Progress.of("invoices", spec.commandLine().getErr())) {
      while (!goesOn && !run.path("finished").asBoolean()) {
        pause();
        run = http.get("/invoices/runs/" + Query.segment(run.path("runId").asText()), new Query());
        progress.at(run.path("invoices").asLong());
      }
    }
    PrintWriter out = spec.commandLine().getOut();
    ListOptions.printOne(run, json, out);
    out.flush();
    return run.path("finished").asBoolean() && run.hasNonNull("failure") ? GIVEN_UP : 0;
  }

  private static void pause() {
    try {
      Thread.sleep(PAUSE_MILLIS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new CommandException("interrupted; the server goes on with the run");
    }
  }
}
