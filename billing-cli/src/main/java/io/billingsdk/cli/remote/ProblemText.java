package io.billingsdk.cli.remote;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.billingsdk.cli.console.CommandException;

/** What a server says when it refuses, from its problem details (RFC 9457). */
final class ProblemText {
  private static final int UNAUTHENTICATED = 401;
  private static final int FORBIDDEN = 403;
  private static final int OVERLOADED = 429;
  private static final int FAULT = 500;
  private static final int SHOWN = 500;

  private ProblemText() {}

  /**
   * The text for the operator about an answer that is not 200.
   *
   * @throws ServerUnavailableException instead, when it may be another later
   */
  static CommandException of(int status, String body) throws ServerUnavailableException {
    String said = message(status, body);
    if (status >= FAULT || status == OVERLOADED) {
      throw new ServerUnavailableException(said);
    }
    return new CommandException(said);
  }

  private static String message(int status, String body) {
    JsonNode problem = json(body);
    String detail = problem.path("detail").asText("");
    if (detail.isEmpty()) {
      detail = "no billing server answers there: " + cut(body.isBlank() ? "nothing" : body);
    }
    String field = problem.path("field").asText("");
    if (!field.isEmpty() && !detail.contains(field)) {
      detail = field + ": " + detail;
    }
    return "the server refuses (" + status + "): " + Text.printable(cut(detail)) + hint(status);
  }

  private static String hint(int status) {
    return switch (status) {
      case UNAUTHENTICATED ->
          "; give another with --token-file or BILLING_TOKEN: 'billing token create' creates one";
      case FORBIDDEN -> "; 'billing token create --scope' creates a token that allows it";
      default -> "";
    };
  }

  private static JsonNode json(String body) {
    try {
      return BillingHttp.JSON.readTree(body);
    } catch (JsonProcessingException other) {
      return MissingNode.getInstance();
    }
  }

  private static String cut(String text) {
    return text.substring(0, Math.min(SHOWN, text.length()));
  }
}
