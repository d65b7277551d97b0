package io.billingsdk.cli.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code billing privacy …}. */
@Command(
    name = "privacy",
    description = "Registers, exports and erases the persons behind subjects of events.",
    footerHeading = "%nExamples:%n",
    footer = {
      "  billing privacy register ann@example.com",
      "  billing privacy export ann@example.com > ann.json",
      "  billing privacy erase ann@example.com --reason 'request 17'"
    },
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND")
final class PrivacyCommand {
  private static final String ADMIN = "Over HTTP; with a token of the scope admin.";
  private static final String PERSON = "the identifier, as an e-mail address";
  private static final String SUBJECT = "PERSON is the subject that events carry";

  @Command(
      name = "register",
      description = {
        "Prints the subject that stands for a person in events; it is made if there is none.",
        "Over HTTP; with a token to write."
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing privacy register ann@example.com")
  void register(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "PERSON", description = PERSON) String person) {
    JsonNode answer = send(remote, "persons", order(person, false));
    if (shown.isJson()) {
      shown.print(answer);
    } else {
      shown.line(answer.path("subject").asText());
    }
  }

  @Command(
      name = "export",
      description = {"Prints all that is held of a person, as one JSON object.", ADMIN},
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing privacy export ann@example.com > ann.json")
  void export(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "PERSON", description = PERSON) String person,
      @Option(names = "--subject", description = SUBJECT) boolean isSubject) {
    shown.line(JsonLines.of(send(remote, "exports", order(person, isSubject))));
  }

  @Command(
      name = "erase",
      description = {
        "Erases a person for good: the mapping and the key go; sums, invoices and seals stay.",
        ADMIN
      },
      mixinStandardHelpOptions = true,
      footerHeading = "%nExamples:%n",
      footer = "  billing privacy erase ann@example.com --reason 'request 17'")
  void erase(
      @Mixin RemoteOptions remote,
      @Mixin ShownItem shown,
      @Parameters(paramLabel = "PERSON", description = PERSON) String person,
      @Option(names = "--subject", description = SUBJECT) boolean isSubject,
      @Option(
              names = "--reason",
              paramLabel = "TEXT",
              required = true,
              description = "kept for ever, so without the identifier")
          String reason) {
    JsonNode answer = send(remote, "erasures", order(person, isSubject).put("reason", reason));
    if (shown.isJson()) {
      shown.print(answer);
      return;
    }
    shown.line(
        "erased: "
            + answer.path("events").asText()
            + " events keep the subject "
            + answer.path("subject").asText()
            + ", which leads to nobody now");
    if (answer.path("plainEvents").asLong() > 0) {
      shown.line(
          answer.path("plainEvents").asText()
              + " events have the identifier itself, which their sender gave; the ledger cannot"
              + " change them");
    }
  }

  private static ObjectNode order(String person, boolean isSubject) {
    return BillingHttp.JSON.createObjectNode().put(isSubject ? "subject" : "identifier", person);
  }

  private static JsonNode send(RemoteOptions remote, String what, ObjectNode body) {
    return remote.http().change("/privacy/" + what, BillingHttp.bytes(body));
  }
}
