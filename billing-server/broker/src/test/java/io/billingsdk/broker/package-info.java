/** For developers of this module: its tests. */
@NullMarked
package io.billingsdk.broker;

import org.jspecify.annotations.NullMarked;
