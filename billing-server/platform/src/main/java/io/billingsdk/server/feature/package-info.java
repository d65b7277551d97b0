/**
 * What a feature of the server is, for those who add one: {@link
 * io.billingsdk.server.feature.Feature}. It owns no tables, and knows no feature.
 */
@NullMarked
package io.billingsdk.server.feature;

import org.jspecify.annotations.NullMarked;
