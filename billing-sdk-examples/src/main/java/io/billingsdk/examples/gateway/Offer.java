package io.billingsdk.examples.gateway;

import java.util.List;

/**
 * What the gateway sells.
 *
 * @param module the name under which it is billed
 * @param minimum the charge for a call that fails, in the unit of the module
 * @param models the first is the default
 */
record Offer(String module, double minimum, List<String> models) {
  static final Offer LLM = new Offer("llm", 1, List.of("summary-1", "summary-1-mini"));
  static final Offer TTS = new Offer("tts", 1, List.of("tone-1"));
  static final Offer ASR = new Offer("asr", 0.1, List.of("level-1"));

  /** Under this name a call is billed that asked for a model that does not exist. */
  static final String UNKNOWN_MODEL = "unknown";

  /** The list is copied. */
  Offer {
    models = List.copyOf(models);
  }

  /**
   * The model to bill: never what the caller sent, who could otherwise fill the ledger with names.
   */
  String billedModel(String requested) {
    if (requested.isEmpty()) {
      return models.get(0);
    }
    return models.contains(requested) ? requested : UNKNOWN_MODEL;
  }

  /** Refuses {@link #UNKNOWN_MODEL}. */
  void requireKnown(String billedModel) throws BadInput {
    if (billedModel.equals(UNKNOWN_MODEL)) {
      throw new BadInput("unknown_model", "model must be one of " + models);
    }
  }
}
