package io.billingsdk.grpc;

import static java.util.Objects.requireNonNull;

import io.billingsdk.Caller;
import io.billingsdk.UsageEvent;
import java.util.Map;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
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
  private final @Nullable ToDoubleFunction<? super Q> estimate;

  private Metering(
      String module,
      String model,
      @Nullable Function<? super Q, ? extends @Nullable String> modelFrom,
      Function<? super Q, ? extends Map<String, ?>> metadata,
      UsageExtractor<? super Q, ? super R> usage,
      @Nullable ToDoubleFunction<? super Q> estimate) {
    this.module = requireNonNull(module, "module");
    this.model = requireNonNull(model, "model");
    this.modelFrom = modelFrom;
    this.metadata = requireNonNull(metadata, "metadata");
    this.usage = requireNonNull(usage, "usage");
    this.estimate = estimate;
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
    return new Metering<>(module, model, null, request -> Map.of(), usage, null);
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
    return new Metering<>(
        module, model, requireNonNull(ofRequest, "modelFrom"), metadata, usage, estimate);
  }

  /**
   * A copy that adds metadata from the first request to each event. The interceptor's own names
   * ({@code method}, {@code status} and so on) win.
   */
  public Metering<Q, R> metadataFrom(Function<? super Q, ? extends Map<String, ?>> firstRequest) {
    return new Metering<>(module, model, modelFrom, firstRequest, usage, estimate);
  }

  /**
   * The same, with how much a call is going to use, as its first request lets one guess: so much is
   * set aside of the quotas of its key before the handler sees the request. Without it a call is
   * let in while anything is left. Quotas of other quantities than the usage are not asked.
   *
   * @param ofFirstRequest in the unit of the module; a negative or infinite number counts as 0
   */
  public Metering<Q, R> estimateFrom(ToDoubleFunction<? super Q> ofFirstRequest) {
    return new Metering<>(
        module, model, modelFrom, metadata, usage, requireNonNull(ofFirstRequest, "estimateFrom"));
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

  /** Whether a request has to come before it is known what a call is. */
  boolean asksRequests() {
    return modelFrom != null || estimate != null;
  }

  /** An event like the one that a call is going to make. */
  UsageEvent estimated(Caller caller, String ofModel, @Nullable Q firstRequest) {
    double usage =
        estimate == null || firstRequest == null ? 0 : estimate.applyAsDouble(firstRequest);
    return UsageEvent.by(caller, module, ofModel, usage);
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
