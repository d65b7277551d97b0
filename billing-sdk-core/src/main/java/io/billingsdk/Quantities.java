package io.billingsdk;

import java.util.Map;
import java.util.Optional;

/**
 * The common names of quantities. Use them, so that prices and statistics of one service fit
 * another. A name of your own works as well, within the bounds of {@link UsageEvent}.
 *
 * <p><b>No token twice.</b> Each token is in exactly one of {@link #INPUT_TOKENS}, {@link
 * #CACHE_READ_INPUT_TOKENS}, {@link #CACHE_CREATION_INPUT_TOKENS}, {@link #INPUT_AUDIO_TOKENS},
 * {@link #OUTPUT_TOKENS} and {@link #OUTPUT_AUDIO_TOKENS}: prices of these six can be added. {@link
 * #REASONING_OUTPUT_TOKENS} is a part of {@link #OUTPUT_TOKENS}, for statistics; a price of it
 * would count its tokens twice. Providers count otherwise: {@link GenAiUsage} brings their numbers
 * into this form.
 */
public final class Quantities {
  /** Tokens of the input that are in none of the other names of input. Includes none of them. */
  public static final String INPUT_TOKENS = "input_tokens";

  /**
   * Tokens of the output, those of reasoning included; without those of {@link
   * #OUTPUT_AUDIO_TOKENS}.
   */
  public static final String OUTPUT_TOKENS = "output_tokens";

  /** Tokens of the input that a cache had. Not included in {@link #INPUT_TOKENS}. */
  public static final String CACHE_READ_INPUT_TOKENS = "cache_read_input_tokens";

  /** Tokens of the input that were written to a cache. Not included in {@link #INPUT_TOKENS}. */
  public static final String CACHE_CREATION_INPUT_TOKENS = "cache_creation_input_tokens";

  /**
   * Tokens of the output that the reader does not see. <b>Included</b> in {@link #OUTPUT_TOKENS}.
   */
  public static final String REASONING_OUTPUT_TOKENS = "reasoning_output_tokens";

  /** Tokens of sound in the input that no cache had. Not included in {@link #INPUT_TOKENS}. */
  public static final String INPUT_AUDIO_TOKENS = "input_audio_tokens";

  /** Tokens of sound in the output. Not included in {@link #OUTPUT_TOKENS}. */
  public static final String OUTPUT_AUDIO_TOKENS = "output_audio_tokens";

  /**
   * Seconds of sound, heard or spoken. Included in no other; tokens of the same sound are beside
   * it.
   */
  public static final String AUDIO_SECONDS = "audio_seconds";

  /** Characters of text, as Unicode code points. Included in no other. */
  public static final String CHARACTERS = "characters";

  /** Images, read or made. Included in no other; tokens of the same image are beside it. */
  public static final String IMAGES = "images";

  /** Requests that were answered. Included in no other. */
  public static final String REQUESTS = "requests";

  /** Bytes, stored or transferred. Included in no other. */
  public static final String BYTES = "bytes";

  /** How long it took, in milliseconds. Included in no other. */
  public static final String DURATION_MS = "duration_ms";

  private static final Map<String, String> INCLUDED_IN =
      Map.of(REASONING_OUTPUT_TOKENS, OUTPUT_TOKENS);

  private Quantities() {}

  /** The quantity that includes this one; empty when none does. A plan must not price both. */
  public static Optional<String> includedIn(String name) {
    return Optional.ofNullable(INCLUDED_IN.get(name));
  }
}
