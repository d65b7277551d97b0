/** For developers of this module: its tests. */
@NullMarked
package io.billingsdk.testbed;

import org.jspecify.annotations.NullMarked;
