package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import io.billingsdk.cli.console.CommandException;
import io.billingsdk.cli.console.Terminal;
import java.io.PrintWriter;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code billing usage}. */
@Command(
    name = "usage",
    description = {
      "Sums up usage, over HTTP; needs a token to read.",
      "In buckets of time by the clock of a zone, and by groups, with a bar to each sum. The sums"
          + " are exact decimals."
    },
    mixinStandardHelpOptions = true,
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing usage                                   the last 7 days, by day",
      "  billing usage --last 24h --bucket hour --by app,model",
      "  billing usage --from 2027-01-01 --to 2027-02-01 --by app --csv > january.csv",
      "  billing usage --app acme --by metadata.region --zone Europe/Berlin --json",
      "  billing usage --by model --quantity input_tokens,output_tokens"
    })
final class UsageCommand implements Runnable {
  private static final int MOST_GROUPS = 8;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Mixin private FilterOptions filter = new FilterOptions();

  @Option(
      names = "--from",
      paramLabel = "TIME",
      description =
          "the beginning of the range, inclusive: 2027-01-31, the midnight of --zone, or"
              + " 2027-01-31T00:00:00Z")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "TIME",
      description = "the end of the range, exclusive; default: now")
  private @Nullable String to;

  @Option(
      names = "--last",
      paramLabel = "TIME",
      description = "from this long ago until now: 90m, 24h, 7d, 4w; default: 7d")
  private @Nullable String last;

  @Option(
      names = "--by",
      paramLabel = "GROUP",
      description = "app, key, module, model, metadata.NAME: 8 of them, with commas between")
  private @Nullable String by;

  @Option(
      names = "--quantity",
      paramLabel = "NAMES",
      description = "quantities to sum up too, as input_tokens,output_tokens: 16 at most")
  private @Nullable String quantity;

  @Option(
      names = "--bucket",
      paramLabel = "SPAN",
      description = "all, hour, day or month; default: day")
  private String bucket = "day";

  @Option(
      names = "--zone",
      paramLabel = "NAME",
      description = "the time zone, such as Europe/Berlin; default: UTC")
  private String zone = "UTC";

  @ArgGroup private UsageForm form = new UsageForm();

  /** One of these; neither: bars. */
  private static final class UsageForm {
    @Option(names = "--json", description = "print one JSON object, as the API has it")
    private boolean json;

    @Option(names = "--csv", description = "print comma-separated values (RFC 4180)")
    private boolean csv;
  }

  @Override
  public void run() {
    // Not by the parser, which would take quotes for its own.
    List<String> groups = by == null ? List.of() : List.of(by.split(",", -1));
    List<String> names = groups.stream().map(this::name).toList();
    ZoneId clock = clock();
    TimeRange range = range(clock);
    require(
        List.of("all", "hour", "day", "month").contains(bucket),
        "--bucket must be all, hour, day or month, but was " + bucket);
    require(names.size() <= MOST_GROUPS, "--by must be at most 8 groups, but was " + by);
    JsonNode answer =
        remote
            .http()
            .get(
                "/usage",
                new Query()
                    .with("from", range.from())
                    .with("to", range.to())
                    .with("bucket", bucket)
                    .with("zone", clock.getId())
                    .with("groupBy", names.isEmpty() ? null : String.join(",", names))
                    .with("quantity", quantity)
                    .with(filter.query()));
    print(answer, groups, names, clock);
  }

  private void print(JsonNode answer, List<String> groups, List<String> names, ZoneId clock) {
    PrintWriter out = spec.commandLine().getOut();
    if (!answer.path("items").isArray()) {
      throw new CommandException(
          "the answer has no sums in it: does a billing server answer there?");
    }
    List<String> quantities = quantity == null ? List.of() : List.of(quantity.split(",", -1));
    UsageSums sums = UsageSums.of(answer, groups, names, quantities);
    if (form.json) {
      out.println(JsonLines.of(answer));
    } else if (form.csv) {
      UsageCsv.print(sums, out);
    } else if (sums.rows().isEmpty()) {
      out.println(
          "no usage from " + answer.path("from").asText() + " to " + answer.path("to").asText());
    } else {
      new UsageBars(sums, clock, Terminal.ofProcess()).print(out);
    }
    out.flush();
  }

  private ZoneId clock() {
    try {
      return ZoneId.of(zone);
    } catch (DateTimeException unknown) {
      throw new ParameterException(
          spec.commandLine(),
          "--zone must be a name of the IANA time zones, as Europe/Berlin, but was " + zone,
          unknown);
    }
  }

  private TimeRange range(ZoneId clock) {
    try {
      return TimeRange.of(from, to, last, clock, Instant.now());
    } catch (IllegalArgumentException wrong) {
      throw new ParameterException(spec.commandLine(), String.valueOf(wrong.getMessage()), wrong);
    }
  }

  /** As the API has it. */
  private String name(String group) {
    return switch (group) {
      case "app" -> "appId";
      case "key" -> "keyId";
      case "module", "model" -> group;
      default -> {
        require(
            group.startsWith("metadata.") && group.length() > "metadata.".length(),
            "--by must be of app, key, module, model and metadata.NAME, but was " + group);
        yield group;
      }
    };
  }

  private void require(boolean holds, String message) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), message);
    }
  }
}
