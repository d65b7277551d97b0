package io.billingsdk.forecast;

/**
 * What a forecast costs.
 *
 * @param expected the price of the expected days
 * @param low the lowest price of the paths within the interval
 * @param high the highest one
 * @param <M> the caller's type of money
 */
public record PricedRange<M>(M expected, M low, M high) {}
