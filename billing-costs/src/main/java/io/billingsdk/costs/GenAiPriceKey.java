package io.billingsdk.costs;

import java.math.BigDecimal;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** The keys of prices in the data set genai-prices, and the buckets that they are for. */
record GenAiPriceKey(Bucket bucket, PriceUnit unit) {
  /** Groq charges at least ten seconds; the data set has that in its code, not in its data. */
  private static final BigDecimal GROQ_MINIMUM = BigDecimal.TEN;

  private static final Map<String, GenAiPriceKey> ALL = all();

  private static Map<String, GenAiPriceKey> all() {
    Map<String, GenAiPriceKey> all = new HashMap<>();
    all.put("input_mtok", tokens(Bucket.INPUT));
    all.put("input_audio_mtok", tokens(Bucket.INPUT_AUDIO));
    all.put("input_image_mtok", tokens(Bucket.INPUT_IMAGE));
    all.put("input_video_mtok", tokens(Bucket.INPUT_VIDEO));
    all.put("cache_read_mtok", tokens(Bucket.CACHE_READ));
    all.put("cache_audio_read_mtok", tokens(Bucket.CACHE_READ_AUDIO));
    all.put("cache_image_read_mtok", tokens(Bucket.CACHE_READ_IMAGE));
    all.put("cache_video_read_mtok", tokens(Bucket.CACHE_READ_VIDEO));
    all.put("cache_write_mtok", tokens(Bucket.CACHE_WRITE_5M));
    all.put("cache_write_1h_mtok", tokens(Bucket.CACHE_WRITE_1H));
    all.put("output_mtok", tokens(Bucket.OUTPUT));
    all.put("output_reasoning_mtok", tokens(Bucket.OUTPUT_REASONING));
    all.put("output_audio_mtok", tokens(Bucket.OUTPUT_AUDIO));
    all.put("output_image_mtok", tokens(Bucket.OUTPUT_IMAGE));
    all.put("output_video_mtok", tokens(Bucket.OUTPUT_VIDEO));
    all.put("audio_hours", new GenAiPriceKey(Bucket.AUDIO_SECONDS, PriceUnit.HOUR));
    all.put("input_audio_hours", new GenAiPriceKey(Bucket.AUDIO_SECONDS, PriceUnit.HOUR));
    all.put("requests_kcount", calls(Bucket.REQUESTS));
    all.put("web_searches_kcount", calls(Bucket.WEB_SEARCHES));
    all.put("storage_searches_kcount", calls(Bucket.STORAGE_SEARCHES));
    all.put("input_text_messages_kcount", calls(Bucket.MESSAGES));
    all.put("input_document_kpages", pages(Bucket.PAGES));
    all.put("input_annotated_document_kpages", pages(Bucket.ANNOTATED_PAGES));
    return Map.copyOf(all);
  }

  private static GenAiPriceKey tokens(Bucket bucket) {
    return new GenAiPriceKey(bucket, PriceUnit.MILLION_TOKENS);
  }

  private static GenAiPriceKey calls(Bucket bucket) {
    return new GenAiPriceKey(bucket, PriceUnit.THOUSAND_CALLS);
  }

  private static GenAiPriceKey pages(Bucket bucket) {
    return new GenAiPriceKey(bucket, PriceUnit.THOUSAND_PAGES);
  }

  static Optional<GenAiPriceKey> of(String key) {
    return Optional.ofNullable(ALL.get(key));
  }

  BigDecimal minimum(String provider, String model) {
    boolean isGroqWhisper =
        provider.equals("groq")
            && model.startsWith("whisper-large-v3")
            && bucket == Bucket.AUDIO_SECONDS;
    return isGroqWhisper ? GROQ_MINIMUM : BigDecimal.ZERO;
  }
}
