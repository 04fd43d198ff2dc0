"""Words that tell what a text is about, and common words that are names as well. Lists of the field, not of any record."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# One-word names, with “the” before them or not, that are common words or names of people too: alone they say nothing.
COMMON = _words("""
    ace albert alexa alpaca alphabet amazon apollo apple ares atlas aurora bard bedrock bloom bolt canvas character chinchilla
    claude clip codex cohere comet common compass composer copilot craft cursor dawn dino dolly dolphin dream echo edge einstein
    electra ernie falcon firefly flamingo flan flux forbes fortune galactica gato gem gemini gemma gopher grok guardian harmony
    harvey hermes imagen independent inflection information intercept invoke jasper jurassic lama lambda llama lumiere make
    mercury meta minerva mirror mistral muse nature notion nova open operator oracle orca orion palette palm peak perceiver
    persimmon phoenix photos pi pika pile pilot playground poe point post quartz recall register replica runway sac sage sam
    scale science scout shap sierra siri sora spark sparrow spawning stability starling story sun switch telegraph time times
    titan turing verge vicuna viva watson whisper wire wired wonder yi you zephyr
""")
# A name of these words alone is one that any country's law may have.
GENERIC = _words("a act ai algorithm algorithms bill code data digital law rules the")
# Words of the field: beside several of them, an ambiguous name is likely to be the system or data set.
FIELD = _words("""
    ai algorithm algorithms annotation annotators api benchmark benchmarks caption captioned captions chatbot chatbots checkpoint
    checkpoints classifier corpus crawl crawled dataset datasets deepfake deepfakes embedding embeddings filtered fine-tuned
    finetuned finetuning generated generates generation generative generator hallucination hallucinations image-generation
    image-text inference jailbreak language-model language-models llm llms machine-learning model models multimodal neural
    open-weights openweight outputs pairs parameters pretrained pretraining prompt prompts red-team safeguard safeguards scraped
    scraping text-to-image token tokens trained training transcription transformer weights
""")
# Too common to tell anything, though they stand in names.
STOP = _words("""
    a act an and app artificial bill by code data for from in intelligence into large law of on or pro regulation small system
    the to tool ultra v version with
""")
# Words that tell the kind of a thing beside its name.
OF_KIND = {
    "dataset": _words("dataset datasets corpus data subset"),
    "model": _words("model models chatbot assistant checkpoint"),
    "product": _words("app apps platform assistant service chatbot subscribers"),
    "party": _words("company startup firm lab nonprofit ceo investors"),
    "legislation": _words("bill lawmakers parliament statute"),
}
# Words by which a name tells its kind itself: what is asked of it is not which kind of thing it is, but which of its kind.
SAYS_KIND = {"legislation": _words("act bill code directive law regulation")}
# Places that make laws of their own, each in the words that say it. Members of the EU have its laws too, so they tell nothing.
_PLACES = """
    eu europe european brussels, africa african, alabama, alaska, arizona, arkansas, argentina argentine, australia australian
    canberra, brazil brazilian, britain british uk england english london, california californian sacramento, canada canadian
    ottawa, carolina, chile chilean, china chinese beijing, colombia colombian, colorado denver, connecticut, dakota, delaware,
    egypt egyptian, florida, georgia, hawaii, idaho, illinois, india indian delhi, indiana, indonesia indonesian, iowa, israel
    israeli, japan japanese tokyo, kansas, kazakhstan kazakh, kentucky, kenya kenyan, korea korean seoul, louisiana, maine,
    malaysia malaysian, maryland, massachusetts, mexico mexican, michigan, minnesota, mississippi, missouri, montana, nebraska,
    nevada, nigeria nigerian, norway norwegian, ohio, oklahoma, ontario, oregon, pakistan pakistani, pennsylvania, peru
    peruvian, philippines philippine, quebec, russia russian, scotland scottish, singapore, switzerland swiss, taiwan taiwanese,
    tennessee, texas texan, thailand thai, turkish ankara, ukraine ukrainian, utah, vermont, vietnam vietnamese, virginia,
    wisconsin, wyoming, york albany, zealand
"""
PLACES = {word: words.split()[0] for words in _PLACES.split(",") for word in words.split()}
