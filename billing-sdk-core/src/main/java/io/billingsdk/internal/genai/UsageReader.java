package io.billingsdk.internal.genai;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an answer took from a body of a provider: a whole answer, a chunk of a stream, a list
 * of chunks, the text of server-sent events, or the usage object alone. Throws nothing.
 *
 * <p>Thread-safe; has no state.
 */
public final class UsageReader {
  private static final ObjectMapper JSON =
      new ObjectMapper(
              JsonFactory.builder()
                  // That of Jackson's default stays with every thread of the host.
                  .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
                  .build())
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private static final String DATA = "data:";

  private UsageReader() {}

  /**
   * The counts read.
   *
   * @param tokens null when there was no usage
   * @param problem the fault of the body, naming the field; null when there is none
   */
  public record ReadTokens(@Nullable NormalTokens tokens, @Nullable String problem) {
    /** What a later chunk of the same answer adds to it. */
    public ReadTokens then(ReadTokens later, boolean piecemeal) {
      String wrong = problem == null ? later.problem : problem;
      NormalTokens mine = tokens;
      NormalTokens next = later.tokens;
      if (mine == null || next == null) {
        return new ReadTokens(mine == null ? next : mine, wrong);
      }
      return new ReadTokens(piecemeal ? replaced(mine, next) : next, wrong);
    }

    private static NormalTokens replaced(NormalTokens mine, NormalTokens next) {
      return new NormalTokens(
          last(mine.input(), next.input()),
          last(mine.cacheRead(), next.cacheRead()),
          last(mine.cacheCreation(), next.cacheCreation()),
          last(mine.inputAudio(), next.inputAudio()),
          last(mine.output(), next.output()),
          last(mine.reasoning(), next.reasoning()),
          last(mine.outputAudio(), next.outputAudio()));
    }

    /** Numbers of a stream only grow: one that a chunk leaves out is 0 there. */
    private static long last(long before, long now) {
      return Math.max(before, now);
    }
  }

  /** Reads a text of JSON, or of server-sent events. */
  public static ReadTokens text(Provider provider, @Nullable String body) {
    if (body == null) {
      return nothing("the body must not be null");
    }
    try {
      return node(provider, isEvents(body) ? events(body) : JSON.readTree(body));
    } catch (IOException | RuntimeException | StackOverflowError malformed) {
      return nothing("the body must be JSON");
    }
  }

  /** Reads what another reader has made of JSON. */
  public static ReadTokens map(Provider provider, @Nullable Map<String, ?> body) {
    if (body == null) {
      return nothing("the body must not be null");
    }
    try {
      return node(provider, JSON.valueToTree(body));
    } catch (RuntimeException | StackOverflowError | AssertionError hostile) {
      return nothing("the body must be a map as of JSON");
    }
  }

  private static ReadTokens node(Provider provider, JsonNode body) {
    if (!body.isArray()) {
      return object(provider, body);
    }
    ReadTokens all = new ReadTokens(null, null);
    for (JsonNode chunk : body) {
      ReadTokens read = object(provider, chunk);
      // Most chunks have no usage: that is no problem as long as one has.
      all = read.tokens() == null ? all : all.then(read, provider.isPiecemeal());
    }
    return all.tokens() == null ? nothing(missing(provider)) : all;
  }

  private static ReadTokens object(Provider provider, JsonNode body) {
    JsonNode usage = provider.usageIn(body);
    if (usage.isMissingNode()) {
      return nothing(missing(provider));
    }
    TokenCounts counts = new TokenCounts(usage);
    NormalTokens tokens = provider.read(counts);
    if (counts.found()) {
      return new ReadTokens(tokens, counts.problem());
    }
    String problem = counts.problem();
    return nothing(problem == null ? missing(provider) : problem);
  }

  private static ReadTokens nothing(String problem) {
    return new ReadTokens(null, problem);
  }

  private static String missing(Provider provider) {
    return "the body must have a usage with " + provider.expected();
  }

  private static boolean isEvents(String body) {
    String text = body.stripLeading();
    return text.startsWith(DATA) || text.startsWith("event:") || text.startsWith(":");
  }

  private static ArrayNode events(String body) throws IOException {
    ArrayNode chunks = JsonNodeFactory.instance.arrayNode();
    for (String line : (Iterable<String>) body.lines()::iterator) {
      String data = line.startsWith(DATA) ? line.substring(DATA.length()).strip() : "";
      if (data.startsWith("{")) {
        chunks.add(JSON.readTree(data));
      }
    }
    return chunks;
  }
}
