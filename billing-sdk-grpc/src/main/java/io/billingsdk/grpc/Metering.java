package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Says how a method is charged: module, model, and the measurement of its usage. Immutable; each
 * method returns a copy.
 *
 * @param <Q> requests
 * @param <R> responses
 */
public final class Metering<Q, R> {
  private final String module;
  private final String model;
  private final @Nullable Function<? super Q, ? extends @Nullable String> modelFrom;
  private final Function<? super Q, ? extends Map<String, ?>> metadata;
  private final UsageExtractor<? super Q, ? super R> usage;

  private Metering(
      String module,
      String model,
      @Nullable Function<? super Q, ? extends @Nullable String> modelFrom,
      Function<? super Q, ? extends Map<String, ?>> metadata,
      UsageExtractor<? super Q, ? super R> usage) {
    this.module = requireNonNull(module, "module");
    this.model = requireNonNull(model, "model");
    this.modelFrom = modelFrom;
    this.metadata = requireNonNull(metadata, "metadata");
    this.usage = requireNonNull(usage, "usage");
  }

  /**
   * A metering.
   *
   * @param module what kind of service, for example {@code llm}
   * @param model which one, for example {@code gpt-4}; with {@link #modelFrom} the one of a call
   *     whose first request names none, or that ended before it. A key that may be used for other
   *     models only is refused
   * @param usage how it is measured
   */
  public static <Q, R> Metering<Q, R> of(
      String module, String model, UsageExtractor<? super Q, ? super R> usage) {
    return new Metering<>(module, model, null, request -> Map.of(), usage);
  }

  /**
   * A copy that takes the model from requests. The call is charged as the one of its first request.
   * A request whose model the key may not be used for does not reach the handler: see {@link
   * MeteringInterceptor}.
   *
   * @param ofRequest the model of a request; null or blank for none, which in the first request
   *     stands for the model given to {@link #of}
   */
  public Metering<Q, R> modelFrom(Function<? super Q, ? extends @Nullable String> ofRequest) {
    return new Metering<>(module, model, requireNonNull(ofRequest, "modelFrom"), metadata, usage);
  }

  /**
   * A copy that adds metadata from the first request to each event. The interceptor's own names
   * ({@code method}, {@code status} and so on) win.
   */
  public Metering<Q, R> metadataFrom(Function<? super Q, ? extends Map<String, ?>> firstRequest) {
    return new Metering<>(module, model, modelFrom, firstRequest, usage);
  }

  String module() {
    return module;
  }

  String model() {
    return model;
  }

  /** Whether requests name models. */
  boolean namesModels() {
    return modelFrom != null;
  }

  @Nullable String modelOf(Q request) {
    return modelFrom == null ? model : modelFrom.apply(request);
  }

  Map<String, ?> metadataOf(Q firstRequest) {
    return metadata.apply(firstRequest);
  }

  CallMeter<? super Q, ? super R> open() {
    return usage.open();
  }
}
