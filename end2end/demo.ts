/** Before the first test of a run: fills the demo place, which each test that asks for it copies. After the last: removes it. */
import { Demo } from './porchlight'

export default async function (): Promise<() => Promise<void>> {
    const demo = await Demo.fill()
    return () => demo.remove()
}
