package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing executions …}. */
@Command(
    name = "executions",
    description = "Shows executions with their steps and costs.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing executions show 7d1e2c40-5b7f-4c1e-9a53-0f6f4f1e2a3b",
      "  billing executions steps 7d1e2c40-5b7f-4c1e-9a53-0f6f4f1e2a3b --csv"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class ExecutionsCommand {
  private static final int TEXT = 60;
  private static final String ID = "the name of the execution, as executions list shows it";
  private static final String CURRENCY = "of the amounts, as EUR; default: USD";

  @Command(
      name = "list",
      description = {
        "Lists executions by the times of their first steps.",
        "Over HTTP; with a token to read."
      },
      mixinStandardHelpOptions = true,
      usageHelpWidth = 160,
      footerHeading = "%nExamples:%n",
      footer = "  billing executions list --from 2026-11-01T00:00:00Z --to 2026-12-01T00:00:00Z")
  void list(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Option(
              names = "--from",
              paramLabel = "TIME",
              required = true,
              description = "the first moment: 2026-11-01T00:00:00Z")
          String from,
      @Option(
              names = "--to",
              paramLabel = "TIME",
              required = true,
              description = "the end of the range, exclusive")
          String to,
      @Option(
              names = "--task",
              paramLabel = "TYPE",
              description = "only of this type of task: video_generation")
          @Nullable String task,
      @Option(names = "--currency", paramLabel = "CODE", description = CURRENCY)
          @Nullable String currency) {
    Columns columns =
        new Columns()
            .whole("started", "startedAt")
            .text("execution", "executionId", TEXT)
            .text("task", "taskType", TEXT)
            .text("user", "userId", TEXT)
            .whole("status", "status")
            .number("steps", "steps")
            .number("costs", "costs")
            .number("unknown", "unknownCosts")
            .number("amount", "totalCost")
            .whole("currency", "currency")
            .text("error", "errorMessage", TEXT);
    Query query =
        new Query()
            .with("from", from)
            .with("to", to)
            .with("taskType", task)
            .with("currency", currency);
    list.print(remote.http(), "/executions", query, columns);
  }

  @Command(
      name = "show",
      description = "Shows an execution, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing executions show 7d1e2c40-5b7f-4c1e-9a53-0f6f4f1e2a3b")
  void show(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "EXECUTION", description = ID) String id,
      @Option(names = "--currency", paramLabel = "CODE", description = CURRENCY)
          @Nullable String currency) {
    JsonNode found = execution(remote, id, currency);
    if (shown.isJson()) {
      shown.print(found);
      return;
    }
    shown.line("%s: %s".formatted(text(found, "execution_id"), text(found, "status")));
    line(shown, "user", found, "user_id");
    line(shown, "error", found, "error_message");
    line(shown, "cost", found, "total_cost");
    line(shown, "calls of AI", found, "ai_calls_count");
    for (JsonNode each : found.path("steps")) {
      shown.line(
          "step %s %s: %s ms, %s %s"
              .formatted(
                  text(each, "started_at"),
                  text(each, "step_name"),
                  each.path("duration").asText("-"),
                  each.path("status").asText("running"),
                  text(each, "error"))
              .strip());
    }
    for (JsonNode each : found.path("costs")) {
      shown.line(
          "cost %s %s %s: %s %s, %s %s"
              .formatted(
                  text(each, "started_at"),
                  text(each, "service"),
                  text(each, "operation"),
                  text(each, "quantity"),
                  text(each, "unit"),
                  each.path("total_cost").isNull() ? "unknown" : text(each, "total_cost"),
                  text(each, "currency"))
              .strip());
    }
  }

  @Command(
      name = "steps",
      description = "Lists the steps of an execution, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing executions steps 7d1e2c40-5b7f-4c1e-9a53-0f6f4f1e2a3b --csv")
  void steps(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Parameters(paramLabel = "EXECUTION", description = ID) String id) {
    Columns columns =
        new Columns()
            .whole("started", "started_at")
            .text("step", "step_name", TEXT)
            .text("task", "task_type", TEXT)
            .number("ms", "duration")
            .whole("status", "status")
            .text("error", "error", TEXT)
            .text("record", "record_id", TEXT);
    list.printAll(execution(remote, id, null).path("steps"), columns);
  }

  @Command(
      name = "costs",
      description = "Lists the costs of an execution, over HTTP; with a token to read.",
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing executions costs 7d1e2c40-5b7f-4c1e-9a53-0f6f4f1e2a3b")
  void costs(
      @Mixin RemoteOptions remote,
      @Mixin ListOptions list,
      @Parameters(paramLabel = "EXECUTION", description = ID) String id) {
    Columns columns =
        new Columns()
            .whole("started", "started_at")
            .text("service", "service", TEXT)
            .text("operation", "operation", TEXT)
            .number("quantity", "quantity")
            .text("unit", "unit", TEXT)
            .number("cost", "total_cost")
            .whole("currency", "currency")
            .number("reported", "reported_cost")
            .number("ms", "duration")
            .text("record", "record_id", TEXT);
    list.printAll(execution(remote, id, null).path("costs"), columns);
  }

  private static JsonNode execution(RemoteOptions remote, String id, @Nullable String currency) {
    return remote
        .http()
        .get(
            "/api/analytics/executions/" + Query.segment(id),
            new Query().with("currency", currency));
  }

  private static void line(ShownItem shown, String name, JsonNode found, String field) {
    if (!found.path(field).isNull()) {
      shown.line(name + " " + text(found, field));
    }
  }

  private static String text(JsonNode node, String field) {
    return node.path(field).asText("");
  }
}
