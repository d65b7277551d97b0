package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.billingsdk.cli.console.CommandException;
import io.billingsdk.seal.SealFinding;
import io.billingsdk.seal.Witness;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code billing ledger verify}. */
@Command(
    name = "verify",
    description = {
      "Compares the rows of the ledger with the seals of their days, and names each row that was"
          + " changed, deleted, inserted or swapped, over HTTP; with a token to read.",
      "Exits with 3 if something differs."
    },
    mixinStandardHelpOptions = true,
    exitCodeList = {
      "0:all is as it was sealed",
      "2:wrong usage",
      "3:something differs, or refused or not possible: then stderr has the reason"
    },
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing ledger verify --from 2027-01-01 --to 2027-01-31",
      "  billing ledger verify --witness seals.txt"
    })
final class LedgerVerifyCommand implements Callable<Integer> {
  private static final int DIFFERENT = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private RemoteOptions remote = new RemoteOptions();

  @Option(
      names = "--witness",
      paramLabel = "FILE",
      description = "a copy of seals.txt that somebody else keeps; names days that were replaced")
  private @Nullable Path witness;

  @Option(
      names = "--from",
      paramLabel = "DAY",
      description = "the first day, as 2027-01-31; default: the first that is sealed")
  private @Nullable String from;

  @Option(
      names = "--to",
      paramLabel = "DAY",
      description = "the last day, as 2027-01-31; default: the last that is sealed")
  private @Nullable String to;

  @Option(names = "--json", description = "print one JSON object")
  private boolean json;

  private final Set<String> sentences = new LinkedHashSet<>();
  private long days;
  private long rows;
  private long more;

  @Override
  public Integer call() {
    Witness kept = witness == null ? Witness.parse("") : kept(witness);
    BillingHttp http = remote.http();
    Map<LocalDate, String> digests = new TreeMap<>();
    new Pages(http, "/ledger/seals", new Query().with("from", from).with("to", to), Long.MAX_VALUE)
        .forEach(each -> digests.put(day(each), each.path("digest").asText()));
    verify(http, List.copyOf(digests.keySet()));
    kept.between(day(from, LocalDate.MIN), day(to, LocalDate.MAX)).compare(digests).stream()
        .map(SealFinding::sentence)
        .forEach(sentences::add);
    print();
    return sentences.isEmpty() ? 0 : DIFFERENT;
  }

  /** A request for each day: one for all could take longer than an answer may. */
  private void verify(BillingHttp http, List<LocalDate> sealed) {
    String first = from;
    for (LocalDate day : sealed) {
      verify(http, first, day.toString());
      first = day.plusDays(1).toString();
    }
    if (to == null || first == null || first.compareTo(to) <= 0) {
      // Days behind the last seal that were published all the same.
      verify(http, first, to);
    }
  }

  private void verify(BillingHttp http, @Nullable String first, @Nullable String last) {
    JsonNode found =
        http.get("/ledger/verification", new Query().with("from", first).with("to", last));
    days += found.path("days").asLong();
    rows += found.path("rows").asLong();
    more += found.path("more").asLong();
    found.path("findings").forEach(each -> sentences.add(each.path("sentence").asText()));
  }

  private void print() {
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      ObjectNode object = BillingHttp.JSON.createObjectNode();
      object.put("intact", sentences.isEmpty()).put("days", days).put("rows", rows);
      object.put("more", more);
      ArrayNode findings = object.putArray("findings");
      sentences.forEach(findings::add);
      out.println(JsonLines.of(object));
    } else {
      sentences.forEach(each -> out.println(Text.printable(each)));
      if (more > 0) {
        out.println(more + " further findings");
      }
      out.println(
          days
              + " days with "
              + rows
              + " rows: "
              + (sentences.isEmpty()
                  ? "all is as it was sealed"
                  : counted(sentences.size() + more)));
    }
    out.flush();
  }

  private static String counted(long findings) {
    return findings == 1 ? "1 finding" : findings + " findings";
  }

  private static Witness kept(Path file) {
    try {
      return Witness.parse(Files.readString(file));
    } catch (IOException unreadable) {
      throw new CommandException(
          "--witness: cannot read the file; give one in UTF-8 that is there: "
              + Text.printable(String.valueOf(unreadable.getMessage())),
          unreadable);
    } catch (IllegalArgumentException malformed) {
      throw new CommandException(
          "--witness: " + Text.printable(String.valueOf(malformed.getMessage())), malformed);
    }
  }

  private static LocalDate day(JsonNode seal) {
    return day(seal.path("day").asText(), LocalDate.MIN);
  }

  private static LocalDate day(@Nullable String text, LocalDate none) {
    try {
      return text == null ? none : LocalDate.parse(text);
    } catch (DateTimeParseException malformed) {
      throw new CommandException(
          "the answer has a day that is none: does a billing server answer?", malformed);
    }
  }
}
